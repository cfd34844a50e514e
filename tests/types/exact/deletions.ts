// With exactOptionalPropertyTypes: a limit of a deletion that is given as undefined is refused, for it would widen the deletion. What an
// answer may lack is absent from it, never undefined.
import type { ClaivClient, V6RecallResponse } from "claiv-memory";

export async function forget(client: ClaivClient, maybe?: string): Promise<void> {
  // @ts-expect-error everything of the user would go
  await client.forget({ user_id: "u", thread_id: maybe });
  // @ts-expect-error as far back as there is anything
  await client.forget({ user_id: "u", from_time: maybe });
  // @ts-expect-error up to now
  await client.forget({ user_id: "u", to_time: maybe });
  // @ts-expect-error everything of the user would go
  await client.forgetV2({ user_id: "u", thread_id: maybe });
  // @ts-expect-error everything of the user would go
  await client.forgetV3({ user_id: "u", thread_id: maybe });
  // @ts-expect-error everything of the user would go
  await client.forgetV6({ user_id: "u", conversation_id: maybe });
  // @ts-expect-error everything of the conversation would go
  await client.forgetV6({ user_id: "u", conversation_id: "c", project_id: maybe });
  // @ts-expect-error everything of the conversation would go
  await client.forgetV6({ user_id: "u", conversation_id: "c", document_id: maybe });
  await client.forget({ user_id: "u", ...(maybe === undefined ? {} : { thread_id: maybe }) });
}

export const debug = (pack: V6RecallResponse): object => ("debug" in pack ? pack.debug : {});
