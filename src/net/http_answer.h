// An answer on its way to the wire: its head as text, its body packed if the client takes that.
#pragma once

#include <string>
#include <string_view>

#include "base/compress.h"
#include "net/http.h"

namespace spoor {

// What an answer needs to know of the request it answers.
struct HttpAnswerTo {
  bool head_only = false;                   // the request was HEAD
  Encoding encoding = Encoding::kIdentity;  // of the body, chosen by ChooseEncoding
};

// Complete but for the Connection header and the empty line that ends the head.
struct HttpAnswer {
  int status = 500;
  std::string head;
  std::string body;
  std::string_view static_body;  // sent instead of `body` where it is not empty
};

// The best of what Accept-Encoding names: zstd, else gzip, else identity. Qualities count only where they are 0.
Encoding ChooseEncoding(std::string_view accept_encoding);

// Packs the body where that pays, so it can take long for a large one. Line breaks in header values become spaces.
HttpAnswer MakeHttpAnswer(HttpResponse response, const HttpAnswerTo& to);

// "Not Found"; "Unknown" for numbers that nobody gave a name.
std::string_view HttpStatusText(int status);

}  // namespace spoor
