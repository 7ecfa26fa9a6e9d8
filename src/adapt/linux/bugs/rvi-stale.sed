# SPDX-License-Identifier: BSD-2-Clause
/vmx_sync_pir_to_irr\(/,/^}/s/(vmx_set_rvi|vmx_hwapic_irr_update)\(/(void)(/
