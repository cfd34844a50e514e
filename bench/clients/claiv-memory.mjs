// The package as it is published, with its defaults.
import { ClaivClient } from "claiv-memory";

export const make = ({ url, key, fetch }) => new ClaivClient({ apiKey: key, baseUrl: url, ...(fetch && { fetch }) });
