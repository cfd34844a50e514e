import { ClaivClient } from "npm:claiv-memory";

const claiv = ClaivClient.fromEnv();
console.log(await claiv.healthCheck());
