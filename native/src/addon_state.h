#pragma once

#include <napi.h>

namespace mykvm {

// What one environment (the main thread or one worker) keeps: the constructors of the wrapped classes. Nothing is global.
struct AddonState {
  Napi::FunctionReference fd_watcher;
  Napi::FunctionReference frame_buffer;
  Napi::FunctionReference frame_buffer_producer;
  Napi::FunctionReference media_sender;
  Napi::FunctionReference pipeline;
};

}  // namespace mykvm
