#include "datagram_queue.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "coded_error.h"

namespace mykvm {

namespace {

// The kernel takes 64 at least (UDP_MAX_SEGMENTS), in a datagram that IP can still describe.
constexpr size_t MOST_SEGMENTS = 64;
constexpr size_t MOST_SEGMENTED_BYTES = 65'000;

bool can_segment(int fd) {
  const int off = 0;
  return setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &off, sizeof off) == 0;
}

// What a kernel or a device says that cannot cut this buffer: datagrams that are sent one by one may still pass.
bool refuses_segments(int error) {
  return error == EINVAL || error == EIO || error == EMSGSIZE || error == EOPNOTSUPP || error == ENOPROTOOPT;
}

}  // namespace

Route::Route(int fd, const std::string& address, uint16_t port, uint16_t channel)
    : fd_(fcntl(fd, F_DUPFD_CLOEXEC, 0)), channel_(channel) {
  if (fd_.get() < 0) throw CodedError::of_call(errno, "fcntl", "fd " + std::to_string(fd));
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    throw CodedError::of_call(EINVAL, "getaddrinfo", address);
  }
  std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
  address_size_ = found->ai_addrlen;
  freeaddrinfo(found);
  segments_ = can_segment(fd_.get());
}

uint8_t* DatagramQueue::reserve(size_t size) {
  if (bytes_.size() < end_ + size) bytes_.resize(end_ + size);
  return bytes_.data() + end_;
}

void DatagramQueue::commit(size_t size) {
  end_ += size;
  sizes_.push_back(static_cast<uint16_t>(size));
}

void DatagramQueue::clear() {
  end_ = 0;
  sizes_.clear();
  first_ = 0;
  offset_ = 0;
}

DatagramQueue::Flushed DatagramQueue::flush(Route& route, size_t& allowance) {
  while (!empty()) {
    if (allowance == 0) return Flushed::ALLOWANCE_IS_SPENT;
    const size_t count = describe(route, allowance);
    const int sent = sendmmsg(route.fd(), messages_, static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      const size_t before = offset_;
      for (size_t i = 0; i < static_cast<size_t>(sent); ++i) advance(i);
      allowance -= std::min(allowance, offset_ - before);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Flushed::SOCKET_IS_FULL;
    if (segments_[0] > 1 && refuses_segments(errno)) {
      route.stop_segmenting();
      continue;
    }
    refused_ += segments_[0];
    advance(0);
  }
  clear();
  return Flushed::ALL;
}

size_t DatagramQueue::describe(Route& route, size_t most_bytes) {
  size_t datagram = first_;
  size_t offset = offset_;
  size_t count = 0;
  for (; count < MOST_MESSAGES && datagram < sizes_.size() && offset - offset_ < most_bytes; ++count) {
    // All of one length but the last, which may be shorter.
    const size_t length = sizes_[datagram];
    size_t bytes = length;
    size_t segments = 1;
    while (route.segments() && segments < MOST_SEGMENTS && datagram + segments < sizes_.size() &&
           offset - offset_ + bytes < most_bytes) {
      const size_t next = sizes_[datagram + segments];
      if (next > length || bytes + next > MOST_SEGMENTED_BYTES) break;
      bytes += next;
      ++segments;
      if (next < length) break;
    }
    buffers_[count] = {bytes_.data() + offset, bytes};
    segments_[count] = segments;
    msghdr& header = messages_[count].msg_hdr;
    header = {};
    header.msg_name = const_cast<sockaddr_storage*>(&route.address());
    header.msg_namelen = route.address_size();
    header.msg_iov = &buffers_[count];
    header.msg_iovlen = 1;
    if (segments > 1) {
      header.msg_control = controls_[count];
      header.msg_controllen = sizeof controls_[count];
      cmsghdr* const control = CMSG_FIRSTHDR(&header);
      control->cmsg_level = IPPROTO_UDP;
      control->cmsg_type = UDP_SEGMENT;
      control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
      const auto segment_size = static_cast<uint16_t>(length);
      std::memcpy(CMSG_DATA(control), &segment_size, sizeof segment_size);
    }
    datagram += segments;
    offset += bytes;
  }
  return count;
}

void DatagramQueue::advance(size_t message) {
  first_ += segments_[message];
  offset_ += buffers_[message].iov_len;
}

}  // namespace mykvm
