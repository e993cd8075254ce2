# What is installed, and the .deb that cpack makes of it.
install(TARGETS consentdesk RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY conf/rules conf/train DESTINATION ${CMAKE_INSTALL_DATADIR}/consentdesk)
install(FILES conf/model.bin conf/consentdesk.conf conf/alerts.yml
	DESTINATION ${CMAKE_INSTALL_DATADIR}/consentdesk)
install(DIRECTORY templates DESTINATION ${CMAKE_INSTALL_DATADIR}/consentdesk
	PATTERN _web EXCLUDE)
foreach(section IN ITEMS 1 5 7)
	file(GLOB pages CONFIGURE_DEPENDS conf/man/*.${section})
	install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

configure_file(conf/package/consentdesk.service.in consentdesk.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/consentdesk.service
	DESTINATION lib/systemd/system)
install(FILES conf/package/consentdesk.sysusers DESTINATION lib/sysusers.d
	RENAME consentdesk.conf)
# The program writes them itself, from its table of commands.
add_custom_command(TARGET consentdesk POST_BUILD
	COMMAND consentdesk completion bash > consentdesk.bash
	COMMAND consentdesk completion zsh > consentdesk.zsh
	WORKING_DIRECTORY ${CMAKE_BINARY_DIR} VERBATIM)
install(FILES ${CMAKE_BINARY_DIR}/consentdesk.bash RENAME consentdesk
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/consentdesk.zsh RENAME _consentdesk
	DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)

# cpack packs what is built; it does not build the tests first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "Consent Desk")
set(CPACK_PACKAGE_CONTACT "Consent Desk <root@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_CONSENTDESK_PROGRAM ${CMAKE_BINARY_DIR}/consentdesk)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/conf/package/depends.cmake)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
	"answers customers whom Microsoft 365 asks for admin approval")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Watches a support mailbox over IMAP, answers customers who meet Microsoft's
wall 'Need admin approval' with the steps or a one-click link for their own
tenant, follows each case until the approval is seen, and leaves what it is
not sure of to people.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
	${CMAKE_SOURCE_DIR}/conf/package/postinst
	${CMAKE_SOURCE_DIR}/conf/package/prerm
	${CMAKE_SOURCE_DIR}/conf/package/postrm)
include(CPack)
