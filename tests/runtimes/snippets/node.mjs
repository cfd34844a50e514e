import { ClaivClient } from "claiv-memory";

const claiv = ClaivClient.fromEnv(); // CLAIV_API_KEY, and CLAIV_BASE_URL if it is set
console.log(await claiv.healthCheck());
