// Base64 (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace spoor {

// Appends the standard alphabet's text of `bytes`, padded.
void AppendBase64(std::string& out, std::string_view bytes);

// Appends the bytes of `text` to `out`: the standard alphabet or the URL-safe one, padded or not, as protobuf's JSON
// allows. False, with `out` as it was, where the text is neither.
[[nodiscard]] bool DecodeBase64(std::string_view text, std::string& out);

}  // namespace spoor
