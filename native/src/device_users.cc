#include "device_users.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <fstream>
#include <functional>
#include <memory>

namespace mykvm {

namespace {

// Calls `visit` with the names of a directory's entries that are numbers.
void each_number(const std::string& path, const std::function<void(const char*)>& visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.c_str()), &closedir);
  if (!directory) return;
  while (const dirent* const entry = readdir(directory.get())) {
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) != 0) visit(entry->d_name);
  }
}

// Nodes with other names may be the same device.
bool has_open(const std::string& process, dev_t device) {
  bool found = false;
  const std::string descriptors = process + "/fd";
  each_number(descriptors, [&](const char* fd) {
    struct stat status {};
    const bool read = !found && stat((descriptors + "/" + fd).c_str(), &status) == 0;
    if (read && S_ISCHR(status.st_mode) && status.st_rdev == device) found = true;
  });
  return found;
}

}  // namespace

std::string device_users(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return "";
  const std::string own = std::to_string(getpid());
  std::string users;
  each_number("/proc", [&](const char* number) {
    const std::string process = std::string("/proc/") + number;
    if (own == number || !has_open(process, status.st_rdev)) return;
    std::string name;
    std::getline(std::ifstream(process + "/comm"), name);
    users += (users.empty() ? "" : ", ") + name + " (process " + number + ")";
  });
  return users;
}

CodedError busy_error(const CodedError& error, const std::string& path) {
  const std::string users = device_users(path);
  const std::string who = users.empty() ? "another program streams from it" : "another program streams from it: " + users;
  return CodedError::of_call(EBUSY, error.syscall(), path, "the capture device is busy, " + who);
}

}  // namespace mykvm
