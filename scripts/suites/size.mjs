import { budgets, growth, measure } from "../lib/size.mjs";

export const size = {
  name: "size",
  what: "no budget is exceeded, and nothing grew unnoticed since docs/size.json was committed",
  needs: ["build"],
  async run(report) {
    const measured = await measure();
    for (const { state, text } of budgets(measured)) {
      if (state === "over") report.fail(text, "more than what is accepted");
      else report.pass(`${text}: ${state}`);
    }
    for (const { name, problem, unknown } of growth(measured)) {
      if (problem) report.fail(name, problem);
      else if (unknown) report.skip(name, unknown);
      else report.pass(name);
    }
  },
};
