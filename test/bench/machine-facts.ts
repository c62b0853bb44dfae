import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where and when figures were taken. */
export interface MachineFacts {
  date: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  /** Load average over one minute. */
  load: number;
}

export function machineFacts(): MachineFacts {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `Linux ${release()}, Node ${process.versions.node}`,
    load: loadavg()[0] ?? 0,
  };
}
