// Loaded into each pod before its program: it ends with the test that started it, however that one ended.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Waiting for that is no reason to live on.
process.channel?.unref();
