// The memory where the model is: for the AI SDK, and for plain messages of other APIs.
export { claivMiddleware } from "./middleware.js";
export type { MemoryMiddleware } from "./middleware.js";
export { remember, withMemory } from "./messages.js";
export type { RememberedTurn, WithMemoryOptions } from "./messages.js";
export type { MemoryClient, MemoryIdentity, MemoryOptions, MemoryTemplate } from "./options.js";
export { toPrompt } from "./prompt.js";
export type { PromptOptions } from "./prompt.js";
export { claivTools } from "./tools.js";
export type { MemoryAbility, MemoryTool, MemoryTools, ToolCall, ToolOptions } from "./tools.js";
export type { TextSchema } from "./schema.js";
export type { Signal } from "./memory.js";
export type { MessageLike } from "./turn.js";
