export const readme = { name: "readme", what: "x", needs: ["build","pack"], run() {} };
