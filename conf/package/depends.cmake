# The packages whose libraries the program needs, by dpkg-shlibdeps, asked once:
# CPack's own way looks at each of the templates too, which takes minutes.
set(place ${CPACK_TOPLEVEL_DIRECTORY}/depends)
file(WRITE ${place}/debian/control "Source: x\n\nPackage: x\nArchitecture: any\n")
execute_process(COMMAND dpkg-shlibdeps -O -e${CPACK_CONSENTDESK_PROGRAM}
	WORKING_DIRECTORY ${place} OUTPUT_VARIABLE found ERROR_VARIABLE why
	RESULT_VARIABLE bad OUTPUT_STRIP_TRAILING_WHITESPACE)
if(bad)
	message(FATAL_ERROR "dpkg-shlibdeps: ${why}")
endif()
string(REPLACE "shlibs:Depends=" "" found "${found}")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "${found}, ca-certificates, passwd")
