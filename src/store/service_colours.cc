#include "store/service_colours.h"

#include <utility>

#include "store/small_file.h"

namespace spoor {
Status ServiceColours::Load() {
  ASSIGN_OR_RETURN(const std::string body, ReadSmallFile(files_, path_, kMark));
  const std::string_view bytes = body;
  std::vector<std::string_view> names;
  for (size_t at = 0; at < bytes.size();) {
    const size_t rest = bytes.size() - at;
    if (rest < 4 || rest - 4 < Number32At(bytes, at)) return Corrupt(path_ + ": a name is cut short");
    names.push_back(bytes.substr(at + 4, Number32At(bytes, at)));
    at += 4 + names.back().size();
  }
  const std::lock_guard lock(mutex_);
  for (const std::string_view name : names) Add(name);
  saved_count_ = services_.size();
  return {};
}

void ServiceColours::Add(std::string_view service) {
  if (service.empty() || numbers_.contains(service) || services_.size() >= kServicesMax) return;
  services_.emplace_back(service);
  numbers_.emplace(services_.back(), static_cast<uint32_t>(services_.size()));
}

void ServiceColours::Note(std::span<const std::string> services) {
  const std::lock_guard lock(mutex_);
  for (const std::string& service : services) Add(service);
}

uint32_t ServiceColours::Find(std::string_view service) const {
  const std::lock_guard lock(mutex_);
  const auto it = numbers_.find(service);
  if (it != numbers_.end()) return it->second;
  if (services_.size() < kServicesMax || service.empty()) return 0;
  return 1 + static_cast<uint32_t>(TextHash()(service) % kServicesMax);
}

Status ServiceColours::Save() {
  const std::lock_guard one_at_a_time(save_mutex_);
  std::string body;
  size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    count = services_.size();
    if (count == saved_count_) return {};
    for (const std::string& service : services_) {
      AppendNumber32(body, static_cast<uint32_t>(service.size()));
      body += service;
    }
  }
  RETURN_IF_ERROR(ReplaceSmallFile(files_, path_, kMark, body));
  const std::lock_guard lock(mutex_);
  saved_count_ = count;
  return {};
}

}  // namespace spoor
