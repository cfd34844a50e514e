// The import after the package's: what it did is told now, before the program goes on.
import { imported } from "./before.mjs";

imported.stop();
