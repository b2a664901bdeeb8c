/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h: named points at which a test can have the program killed, as a
 * loss of power would. Only a build with --enable-fault-points has them; in
 * any other they are nothing.
 */
#ifndef SENDAS_FAULT_H
#define SENDAS_FAULT_H

#ifdef WITH_FAULT_POINTS
/* Kills the process with SIGKILL when SENDAS_FAULT_POINT in the environment is
 * this name, or NAME:N and it is passed for the Nth time. From any thread.
 * With SENDAS_FAULT_STOPS it is stopped instead, with SIGSTOP, to be looked
 * at. */
void sendas_fault_point(const char *name);
#else
#define sendas_fault_point(name) ((void)(name))
#endif

#endif
