// Two pages of an administrator: what was used, and the receipts of what was forgotten.
import {
  ClaivClient, type DeletionReceipt, type UsageLimitsResponse, type UsageRange, type UsageSummaryResponse,
} from "service-client";

const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY!, baseUrl: process.env.CLAIV_BASE_URL });

export async function usagePage(range: UsageRange = "7d"): Promise<string> {
  const [summary, { endpoints }, limits]: [UsageSummaryResponse, { endpoints: { endpoint: string; requests: number }[] }, UsageLimitsResponse] =
    await Promise.all([claiv.getUsageSummary(range), claiv.getUsageBreakdown(range), claiv.getUsageLimits()]);
  const rows = endpoints.map(({ endpoint, requests }) => `<tr><td>${endpoint}</td><td>${requests}</td></tr>`).join("");
  const { used, limit } = limits.limits.requests;
  return `<h1>${summary.range}: ${summary.totals.ingest_events} events</h1><table>${rows}</table><p>${used} of ${limit ?? "any number"} requests</p>`;
}

export async function receiptsPage(userId: string): Promise<string> {
  const all: DeletionReceipt[] = [];
  for (let offset = 0; ; offset += 2) {
    const { receipts, total } = await claiv.listDeletionReceipts({ user_id: userId, limit: 2, offset });
    all.push(...receipts);
    if (receipts.length === 0 || all.length >= total) break;
  }
  return `<ul>${all.map(({ scope, deleted_counts, completed_at }) =>
    `<li>${scope.conversation_id ?? "everything"}: ${deleted_counts.events} events, ${completed_at ? "done" : "under way"}</li>`).join("")}</ul>`;
}
