/** A promise of a turn of the event loop: the host does meanwhile what else is waiting, such as timers, responses and events of a page. */
export const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
