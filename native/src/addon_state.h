#pragma once

#include <napi.h>

#include "unit_copies.h"

namespace mykvm {

// What one environment (the main thread or one worker) keeps: the constructors of the wrapped classes, and the last
// access unit that was sent. Nothing is global.
struct AddonState {
  Napi::FunctionReference fd_watcher;
  Napi::FunctionReference frame_buffer;
  Napi::FunctionReference frame_buffer_producer;
  Napi::FunctionReference media_sender;
  Napi::FunctionReference pipeline;
  UnitCopies unit_copies;
};

}  // namespace mykvm
