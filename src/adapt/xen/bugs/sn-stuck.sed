# SPDX-License-Identifier: BSD-2-Clause
s/(pi_ops\.flags = )PI_CSW_TO;/\10;/
