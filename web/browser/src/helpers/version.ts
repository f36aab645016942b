/** That of package.json; `npm run check` holds them together. */
export const version = '0.1.0';
