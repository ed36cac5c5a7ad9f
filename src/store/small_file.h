// Small files that are read and replaced whole: a mark, a length, the body and a checksum
// (docs/formats/small_files.md). The store keeps in them what it could also find out anew.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"

namespace spoor {

// The body of the file. kNotFound where it is not there, kCorrupt where mark, length or checksum are not as written.
// `mark` has eight characters: what the file is and the version of its body.
Result<std::string> ReadSmallFile(FileSystem& files, const std::string& path, std::string_view mark);

// Puts a file with that body in the place of `path`: after a power cut the old one or the new one is there.
Status ReplaceSmallFile(FileSystem& files, const std::string& path, std::string_view mark, std::string_view body);

// The numbers in bodies: little-endian.
void AppendNumber64(std::string& out, uint64_t number);
void AppendNumber32(std::string& out, uint32_t number);
// REQUIRES that they are there.
uint64_t Number64At(std::string_view bytes, size_t offset);
uint32_t Number32At(std::string_view bytes, size_t offset);

}  // namespace spoor
