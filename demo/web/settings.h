// What a demo service is told by its environment.
#pragma once

#include <cstdint>
#include <string>

namespace web {

struct Settings {
  std::string service_name;  // SERVICE_NAME: how it calls itself in its answers
  std::string listen_host;   // LISTEN_HOST: an address of this machine, 127.0.0.1 by default
  uint16_t port = 0;         // PORT: 0 is a free one

  // A value that makes no sense is said on stderr, and ends the process with status 2.
  static Settings FromEnvironment(const std::string& service_name, uint16_t port);
};

// The variable, or `fallback` where it is not set or empty.
std::string Variable(const char* name, const std::string& fallback);

// A variable that is a number from 0 to `largest`. Another value ends the process, as above.
double NumberVariable(const char* name, double fallback, double largest);

// A variable that is the address of a service, as Client::Get takes it, without a slash at its end.
std::string UrlVariable(const char* name, const std::string& fallback);

}  // namespace web
