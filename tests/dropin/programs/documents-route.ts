// app/api/documents/route.ts: takes a file from a form, and lists what a project has.
import { ClaivClient, type DocumentListItem, type DocumentUploadRequest } from "service-client";

const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY!, baseUrl: process.env.CLAIV_BASE_URL });

export async function POST(request: Request): Promise<Response> {
  const form = await request.formData();
  const file = form.get("file");
  if (!(file instanceof File)) return Response.json({ error: "file is missing" }, { status: 400 });

  const upload: DocumentUploadRequest = {
    user_id: String(form.get("userId")),
    project_id: String(form.get("projectId")),
    document_name: file.name,
    content: await file.text(),
  };
  const { document_id, document_name, sections, status } = await claiv.uploadDocument(upload);
  return Response.json({ id: document_id, name: document_name, sections: sections.map(({ title }) => title), status }, { status: 201 });
}

export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const { documents, total } = await claiv.listDocuments({
    user_id: searchParams.get("userId") ?? "",
    project_id: searchParams.get("projectId") ?? undefined,
    limit: 50,
  });
  const row = ({ document_name, document_status }: DocumentListItem) => `${document_name} (${document_status?.status ?? "unknown"})`;
  return Response.json({ total, documents: documents.map(row) });
}

export async function DELETE(request: Request): Promise<Response> {
  const id = new URL(request.url).searchParams.get("id") ?? "";
  const { deleted } = await claiv.deleteDocument(id);
  return Response.json({ deleted });
}
