// The import after the package's: records what importing the package changed, before the program goes on.
import { imported } from "./before.mjs";

imported.stop();
