import { WindowProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { startWindow } from '@groundswell/window';

// A worker that is wrong on purpose: with the offsets of each save goes what had changed before its first, so what it has taken
// since is lost when it is killed. Lost saves alone are harmless: their offsets are lost with them.

const newline = 10;
const first = new Map<number, Uint8Array>();

await runPod({
  parse: (value) => WindowProgram.parse(value),
  start: (program, ports) =>
    startWindow(program, {
      ...ports,
      states: {
        ...ports.states,
        append: async (place, epoch, change) => {
          const cut = change.indexOf(newline) + 1;
          const state = first.get(place.shard) ?? change.slice(cut);
          first.set(place.shard, state);
          await ports.states.append(place, epoch, Buffer.concat([change.subarray(0, cut), state]));
        },
      },
    }),
});
