/** What a suite has on this computer beside its virtual machine. Made anew for each run, before the machine boots. */
export interface SuiteOutside {
  /** Connects the machine to it: more for QEMU's command line. */
  readonly moreArguments: readonly string[];
  /** Ends all of it; called when the machine has ended. */
  close(): Promise<void>;
}

export interface OutsidePlaces {
  /** Kept when the run is over; the machine sees it as /run/job. */
  jobFolder: string;
  /** What test/vm/Makefile has built. */
  built: string;
}

/** A suite's outside.ts exports it as `startOutside`. */
export type StartOutside = (places: OutsidePlaces) => Promise<SuiteOutside>;
