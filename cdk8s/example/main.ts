import { App } from 'cdk8s';
import { Virality } from './virality.ts';

// Writes dist/virality.k8s.yaml, or into the folder that CDK8S_OUTDIR names.
const app = new App();
new Virality(app, 'virality', { namespace: 'social', disableResourceNameHashes: true });
app.synth();
