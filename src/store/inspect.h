// Tells what stands where in a file of a data folder, so that it can be matched to the page of its format
// (docs/formats) byte by byte.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"
#include "model/span_batch.h"

namespace spoor {

// A line, without its end.
using PrintLine = std::function<void(std::string_view)>;

enum class StoreFileKind : uint8_t { kBlock, kLogSegment, kRollup, kStraddlers, kServiceColours, kOther };

// By its name, and where that tells nothing by its first bytes.
Result<StoreFileKind> KindOfFile(FileSystem& files, const std::string& path);

// "00000010      130  page 0: directory, ...": offset (in hexadecimal, as on the pages), length and meaning of every
// run of bytes, damaged ones too. An error where the file cannot be read at all, or is none of a data folder.
Status InspectFile(FileSystem& files, const std::string& path, const PrintLine& print);

// Every batch of a segment of the log that can be read, until `visit` says false.
Status ForEachBatchOfSegment(FileSystem& files, const std::string& path,
                             const std::function<bool(const SpanBatch&)>& visit);

}  // namespace spoor
