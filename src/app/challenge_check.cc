#include "app/challenge_check.h"

#include "base/check.h"
#include "base/limits.h"
#include "learn/check/checker.h"

namespace spoor {
namespace {

// Of an address that was read once already, or that this server made.
learn::Url UrlOf(const std::string& text) {
  auto url = learn::ParseUrl(text);
  SPOOR_CHECK(url.has_value());
  return *std::move(url);
}

learn::CheckSettings SettingsOf(const Config& config, const std::string& query_address) {
  learn::CheckSettings settings;
  settings.services = {UrlOf(config.challenge_frontend_url), UrlOf(config.challenge_backend_url),
                       UrlOf(config.challenge_database_url)};
  settings.query = UrlOf("http://" + ReachableAddress(query_address));
  settings.wait = limits::kCheckLiveWait;
  settings.flag_prefix = "--challenge-";
  return settings;
}

}  // namespace

ServerChallengeCheck::ServerChallengeCheck(const Config& config, const std::string& query_address)
    : check_([settings = SettingsOf(config, query_address)](const std::stop_token& stop) {
        return ReportJson(learn::RunCheck(settings, stop));
      }) {}

std::string ReachableAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  SPOOR_CHECK(colon != std::string::npos);
  const std::string host = address.substr(0, colon);
  if (host == "0.0.0.0") return "127.0.0.1" + address.substr(colon);
  if (host == "[::]") return "[::1]" + address.substr(colon);
  return address;
}

}  // namespace spoor
