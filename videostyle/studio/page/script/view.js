// What the server says: the clip, the wall, what is being painted, the exports.

export const studio = { view: null };

export const shownStyle = () => studio.view.styles.find((style) => style.id === studio.view.shown);
