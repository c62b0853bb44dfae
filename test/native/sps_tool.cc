// Lets the native tests use describe_sequence(): sps-tool MATRIX FULL_RANGE, with 601, 709 or 2020 and 0 or 1. In, for each access
// unit its size (32 bits, little endian) and its bytes; out, for each 1, or 0 when a parameter set could not be read, then size and
// bytes of what became of it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../../native/src/sps_rewriter.h"

namespace {

bool read_exactly(void* into, size_t size) { return std::fread(into, 1, size, stdin) == size; }

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  mykvm::Colour colour;
  const int matrix = std::atoi(arguments[1]);
  if (matrix == 709) colour.matrix = mykvm::Colour::Matrix::BT709;
  if (matrix == 2020) colour.matrix = mykvm::Colour::Matrix::BT2020;
  colour.full_range = std::atoi(arguments[2]) != 0;
  uint32_t size = 0;
  while (read_exactly(&size, sizeof size)) {
    std::vector<uint8_t> unit(size);
    if (size > 0 && !read_exactly(unit.data(), size)) return 1;
    const bool readable = mykvm::describe_sequence(unit, colour);
    std::fputc(readable ? 1 : 0, stdout);
    size = static_cast<uint32_t>(unit.size());
    std::fwrite(&size, sizeof size, 1, stdout);
    if (!unit.empty()) std::fwrite(unit.data(), 1, unit.size(), stdout);
  }
  return 0;
}
