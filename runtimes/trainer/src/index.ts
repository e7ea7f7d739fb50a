export { type Ablation, ablate } from './ablate.ts';
export type { TrainerCard } from './card.ts';
export { recommendByFactors } from './factors.ts';
export { type TrainingFiles, train } from './run-trainer.ts';
export { startTrainer, type TrainerOptions } from './start.ts';
