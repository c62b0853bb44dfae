#pragma once

#include <cstdint>
#include <vector>

#include "raw_picture.h"

namespace mykvm {

// Makes the sequence parameter sets of a coded picture (Annex B) say how its colours are coded, and that pictures are shown in the
// order in which they come, so that a decoder puts each out at once (VUI of ITU-T H.264, annex E: video_signal_type,
// bitstream_restriction). Whatever else they say stays, bit for bit; one that says all this already is not touched. A stream that
// declares reordered pictures keeps its declaration. Looks at nothing behind the parameter sets.
// False when a parameter set cannot be read; that one stays as it is.
bool describe_sequence(std::vector<uint8_t>& access_unit, const Colour& colour);

}  // namespace mykvm
