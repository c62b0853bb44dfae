// Loaded before anything else: /proc/self/exe names the arm64 program, which only the emulator can start.
process.execPath = `${__dirname}/node`;
