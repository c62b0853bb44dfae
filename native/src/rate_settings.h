#pragma once

namespace mykvm {

// What an encoder may choose from, in H.264's quantizers: 0 is the finest, 51 the coarsest.
struct QuantizerRange {
  // Finer is not visible on text; coarser is not readable.
  int finest = 22;
  int coarsest = 44;
};

// What a coder is to keep to; each may change while it runs.
struct RateSettings {
  int bitrate_bps = 0;
  // Pictures per second, at most.
  double frame_rate = 0;
  QuantizerRange quantizers;
};

}  // namespace mykvm
