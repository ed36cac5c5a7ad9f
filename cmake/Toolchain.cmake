# Compiler, linker and sanitizer settings, and the packages every folder may link. Debian 12 packages only.

# Warnings that are never right are errors; the rest stay warnings, so that another compiler's opinion stops nobody.
add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wundef -Wvla -Wcast-qual
  -Wno-missing-field-initializers -Werror=return-type -Werror=switch -Werror=unused-result -Werror=uninitialized
  -Werror=non-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Werror=dangling)
endif()
add_compile_options(-fdiagnostics-color=auto)

# x86-64-v2 (every server since 2009) has the CRC32C instruction that the log's checksums use.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-march=x86-64-v2)
endif()

# -g1 keeps function names and lines for stack traces and profiles at a fraction of -g's size.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g")

# Nothing may need these two; they only save time.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(SPOOR_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  add_compile_options(-fsanitize=${SPOOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SPOOR_SANITIZE})
endif()
if(SPOOR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)  # Debian's gRPC links ZLIB::ZLIB without looking for it
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
