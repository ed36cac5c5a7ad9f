# spoor_embed_ui(TARGET DIST OTHERWISE): TARGET gets EmbeddedUi() (embedded_ui.h) over the files of the folder DIST, or
# over the one file OTHERWISE, as index.html, where DIST has no index.html.
function(spoor_embed_ui target dist otherwise)
  file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE "${dist}" "${dist}/*")
  list(TRANSFORM names PREPEND "${dist}/" OUTPUT_VARIABLE files)
  if(NOT "index.html" IN_LIST names)
    set(names index.html)
    set(files "${otherwise}")
  endif()
  spoor_embed_files(${target} spoor::api::EmbeddedUi api/ui_files/embedded_ui.h NAMES ${names} FILES ${files})
endfunction()
