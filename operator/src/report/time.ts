/** Whole seconds, as the API server writes times. @param ms  wall time */
export const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
