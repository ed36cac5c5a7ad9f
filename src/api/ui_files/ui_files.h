// Serves the web UI's files from memory.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <span>
#include <string>
#include <string_view>

#include "api/ui_files/embedded_ui.h"
#include "net/http.h"

namespace spoor::api {

// A path is looked up in a table, so nothing outside the table can be reached. The UI's own routes (/, /search,
// /trace/..., /service/..., and whatever else has no file extension) are index.html, which is asked for anew each time
// and answered with 304 where it is the same; files under assets/ have their content's hash in their names and stay
// valid for ever. A file that has a .br or .gz beside it is sent packed where the client takes that. Thread-safe.
class UiFiles {
 public:
  explicit UiFiles(std::span<const EmbeddedFile> files);

  // The answer to a GET of `request.path`; 404 in plain text for a file that is not there.
  HttpResponse Serve(const HttpRequest& request) const;

 private:
  struct Entry {
    std::string_view content;
    std::string etag;
    std::string_view brotli, gzip;  // empty where there is none
  };
  const Entry* Find(std::string_view path) const;

  boost::unordered_flat_map<std::string_view, Entry> entries_;
};

}  // namespace spoor::api
