#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "i420_picture.h"
#include "wake_event.h"

namespace mykvm {

// The pixels of one mode. JavaScript's view of them holds a reference too, so they outlive every close().
struct Pixels {
  int width;
  int height;
  std::vector<uint32_t> words;
};

// A picture that the reader holds until give_back().
struct FrameLease {
  std::shared_ptr<Pixels> pixels;
  int64_t timestamp_us;
  Rect ignore;
};

// Picture memory between one producer and one reader, each in a thread of its own. There is one set of pixels and it
// has one holder at a time: the producer draws, submit() passes it to the reader, give_back() frees it. Nobody waits:
// acquire() refuses while the reader has it. Every method may be called from any thread.
class FrameBuffer {
 public:
  // Makes one and enters it under its handle until close().
  static std::shared_ptr<FrameBuffer> create();
  // Empty when no open frame buffer has this handle.
  static std::shared_ptr<FrameBuffer> find(uint32_t handle);

  explicit FrameBuffer(uint32_t handle) : handle_(handle) {}

  uint32_t handle() const { return handle_; }

  // Owner: no more pictures. The reader is woken and finds closed(). Idempotent.
  void close();
  bool closed() const;

  // Producer. open_producer() is false while another one has it; the others throw CodedError in the wrong state.
  bool open_producer();
  void close_producer();
  std::shared_ptr<Pixels> set_mode(int width, int height);
  bool acquire();
  void submit(int64_t timestamp_us, const Rect& ignore);
  // The size of the present mode, 0x0 before set_mode().
  Rect mode() const;

  // Reader. attach() is false while another one reads. The last picture, if it is whole, is offered again: a new
  // reader of a still source has a picture at once. `wake` is signalled by submit() and close().
  bool attach(std::shared_ptr<WakeEvent> wake);
  void detach();
  // The submitted picture, if there is one; it is the reader's until give_back().
  std::optional<FrameLease> take();
  void give_back(const FrameLease& lease);

 private:
  enum class Holder { NOBODY, PRODUCER, SUBMITTED, READER };

  void require_open() const;
  void require_mode() const;

  const uint32_t handle_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  bool has_producer_ = false;
  Holder holder_ = Holder::NOBODY;
  std::shared_ptr<Pixels> pixels_;
  int64_t timestamp_us_ = 0;
  Rect ignore_;
  std::shared_ptr<WakeEvent> reader_;
};

}  // namespace mykvm
