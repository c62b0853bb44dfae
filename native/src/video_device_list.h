#pragma once

#include <string>
#include <vector>

namespace mykvm {

struct EncoderDescription {
  std::string path;
  // The driver's own name of the device.
  std::string name;
  // What it codes from: 'UYVY', ...
  std::vector<std::string> formats;
};

// Memory-to-memory devices that encode H.264, by the number of their node. Nodes that cannot be opened are left out.
std::vector<EncoderDescription> list_encoders();

// What a capture device delivers, in the driver's order. Throws CodedError when it cannot be opened.
std::vector<std::string> capture_formats(const std::string& path);

}  // namespace mykvm
