export { createSend } from './channels/index.ts';
export { startAlerter } from './start.ts';
