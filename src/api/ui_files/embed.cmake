# Puts the files of ui/dist into the binary, byte by byte, through the assembler's .incbin: no giant array to compile.
# Looked at when configuring; a changed file makes only the table's object anew.

# spoor_embed_ui(TARGET DIST OTHERWISE): TARGET gets EmbeddedUi() (embedded_files.h) over the files of the folder DIST,
# or over the one file OTHERWISE, as index.html, where DIST has no index.html.
function(spoor_embed_ui target dist otherwise)
  file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE "${dist}" "${dist}/*")
  set(files)
  foreach(name IN LISTS names)
    list(APPEND files "${dist}/${name}")
  endforeach()
  if(NOT "index.html" IN_LIST names)
    set(names index.html)
    set(files "${otherwise}")
  endif()

  set(sections "")
  set(symbols "")
  set(entries "")
  set(number 0)
  foreach(name file IN ZIP_LISTS names files)
    string(APPEND sections "  \".balign 8\\nspoor_ui_${number}:\\n.incbin \\\"${file}\\\"\\n\"\n")
    string(APPEND sections "  \"spoor_ui_${number}_end:\\n.byte 0\\n\"\n")
    string(APPEND symbols "extern \"C\" const char spoor_ui_${number}[], spoor_ui_${number}_end[];\n")
    string(APPEND entries "    {\"${name}\", Between(spoor_ui_${number}, spoor_ui_${number}_end)},\n")
    math(EXPR number "${number} + 1")
  endforeach()

  set(table "${CMAKE_BINARY_DIR}/generated/api/embedded_ui.cc")
  file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT [[// Made by src/api/ui_files/embed.cmake.
#include "api/ui_files/embedded_files.h"

__asm__(
  ".pushsection .rodata\n"
@sections@  ".popsection\n");

@symbols@
namespace spoor::api {
namespace {

std::string_view Between(const char* begin, const char* end) { return {begin, static_cast<size_t>(end - begin)}; }

}  // namespace

std::span<const EmbeddedFile> EmbeddedUi() {
  static const EmbeddedFile files[] = {
@entries@  };
  return files;
}

}  // namespace spoor::api
]])
  set_source_files_properties("${table}" PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE "${table}")
endfunction()
