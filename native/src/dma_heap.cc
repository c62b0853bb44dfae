#include "dma_heap.h"

#include <fcntl.h>
#include <linux/dma-heap.h>
#include <sys/ioctl.h>

#include <string>

namespace mykvm {

namespace {

// The names of the contiguous heap: of a Raspberry Pi, of kernels from 6.17 on, of a region in the device tree; then
// scattered pages.
constexpr const char* HEAPS[] = {"linux,cma", "default_cma_region", "reserved", "system"};

std::vector<UniqueFd> allocate(int heap, unsigned count, size_t length) {
  std::vector<UniqueFd> memory;
  for (unsigned index = 0; index < count; index++) {
    dma_heap_allocation_data request{};
    request.len = length;
    request.fd_flags = O_RDWR | O_CLOEXEC;
    if (::ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request) != 0) return {};
    memory.emplace_back(static_cast<int>(request.fd));
  }
  return memory;
}

}  // namespace

std::optional<std::vector<UniqueFd>> allocate_from_dma_heap(unsigned count, size_t length) {
  for (const char* const name : HEAPS) {
    const UniqueFd heap(::open((std::string("/dev/dma_heap/") + name).c_str(), O_RDONLY | O_CLOEXEC));
    if (heap.get() < 0) continue;
    std::vector<UniqueFd> memory = allocate(heap.get(), count, length);
    if (memory.size() == count) return memory;
  }
  return std::nullopt;
}

}  // namespace mykvm
