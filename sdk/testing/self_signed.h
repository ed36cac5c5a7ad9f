// A certificate for "localhost" and 127.0.0.1 that signs itself, made anew for each test.
#pragma once

#include <string>

namespace spoor::trace::testing {

struct SelfSigned {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

SelfSigned MakeSelfSigned();

}  // namespace spoor::trace::testing
