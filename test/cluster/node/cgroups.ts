import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const hierarchies = '/sys/fs/cgroup';

/** Where the kubelet puts its pods. Not at the root, where the pods of a Kubernetes of the machine may be. */
export const cgroupRoot = '/groundswell-e2e';

/** In version 1 of cgroups there is a folder for each controller, in version 2 one for all. */
const roots = (): readonly string[] =>
  existsSync(join(hierarchies, 'cgroup.controllers'))
    ? [join(hierarchies, cgroupRoot)]
    : readdirSync(hierarchies).map((controller) => join(hierarchies, controller, cgroupRoot));

export const makeCgroups = (): void => {
  for (const root of roots()) mkdirSync(root, { recursive: true });
};

const removeTree = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  rmdirSync(folder);
};

/** They outlive the processes that were in them. */
export const removeCgroups = (): void => {
  for (const root of roots()) if (existsSync(root)) removeTree(root);
};
