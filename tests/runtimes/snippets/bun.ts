import { ClaivClient } from "claiv-memory";

const claiv = new ClaivClient({ apiKey: Bun.env.CLAIV_API_KEY!, baseUrl: Bun.env.CLAIV_BASE_URL });
console.log(await claiv.healthCheck());
