#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mykvm {

// The EDID that a capture device shows to its source; empty when it shows none, or has no place for one. Throws CodedError.
std::optional<std::vector<uint8_t>> read_edid(const std::string& path);

// Shows this EDID (whole blocks of 128 bytes), or none when it is empty: then the source sees no display. Throws CodedError.
void write_edid(const std::string& path, std::vector<uint8_t> bytes);

}  // namespace mykvm
