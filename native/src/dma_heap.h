#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "unique_fd.h"

namespace mykvm {

// `count` pieces of memory of `length` bytes that devices share with each other (Documentation/userspace-api/dma-buf-heaps.rst),
// contiguous where this machine has a heap for that, as devices without an IOMMU need it. Empty when there is no heap, or
// none that has so much.
std::optional<std::vector<UniqueFd>> allocate_from_dma_heap(unsigned count, size_t length);

}  // namespace mykvm
